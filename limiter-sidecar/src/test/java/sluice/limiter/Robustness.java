package sluice.limiter;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of what must hold under faults and bad input; at the end of a run it is printed how many of each kind passed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RobustnessCount.class)
public @interface Robustness {

    /** What is tried, {@code HTTP at the sidecar} for example. */
    String value();
}
