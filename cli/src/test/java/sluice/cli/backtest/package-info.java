@NullMarked
package sluice.cli.backtest;

import org.jspecify.annotations.NullMarked;
