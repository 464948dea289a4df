@NullMarked
package sluice.cli.report;

import org.jspecify.annotations.NullMarked;
