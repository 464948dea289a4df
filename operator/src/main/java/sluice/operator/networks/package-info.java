/** Whose the networks are that the WAF blocks, by a file of the operator's owner. Only the metrics know of it; no decision does. */
@NullMarked
package sluice.operator.networks;

import org.jspecify.annotations.NullMarked;
