/**
 * The stream that tells sidecars what to do and hears what they did. It knows nothing of Kubernetes: who a token belongs to and which
 * rollout a pod belongs to are asked through interfaces.
 */
@NullMarked
package sluice.operator.control;

import org.jspecify.annotations.NullMarked;
