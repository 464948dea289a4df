/** Who is calling: the verified user, else the client's address; and which arm that caller is in. */
@NullMarked
package sluice.limiter.identity;

import org.jspecify.annotations.NullMarked;
