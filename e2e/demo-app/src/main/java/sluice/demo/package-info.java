@NullMarked
package sluice.demo;

import org.jspecify.annotations.NullMarked;
