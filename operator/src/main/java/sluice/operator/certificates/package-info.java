/** The operator's own certificate authority: issues, keeps and rotates what the webhook and the control stream serve with. */
@NullMarked
package sluice.operator.certificates;

import org.jspecify.annotations.NullMarked;
