/** The files made from the resource's classes: the CustomResourceDefinition, its copy in the chart, the command line's schema, and the reference page. */
@NullMarked
package sluice.operator.crd;

import org.jspecify.annotations.NullMarked;
