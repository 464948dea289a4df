/** What rules would have done over the past. */
@NullMarked
package sluice.cli.backtest;

import org.jspecify.annotations.NullMarked;
