/** What the operator reads from and does to Kubernetes: informers, leases, token reviews, labels, ConfigMaps, Events. */
@NullMarked
package sluice.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
