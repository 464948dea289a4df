package sluice.cli.simulate;

import java.util.List;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Threshold;

/** A rule, and which samples are in its window: every {@code stride}-th interval's, {@code most} of them. */
record RecordedRule(Signal signal, Threshold threshold, int stride, long most) {
    static RecordedRule of(StopLossRule rule, StopLoss stopLoss) {
        int stride = (int) stopLoss.step(rule).dividedBy(stopLoss.interval());
        return new RecordedRule(rule.signal(), rule.threshold(), stride, stopLoss.expectedSamples(rule));
    }

    /** The window that ends at evaluation {@code at}, where the series has a sample. */
    Reading reading(Series series, int at) {
        return new Reading.Value(new Samples(samples(series, at)));
    }

    /** What the series has in the window that ends at evaluation {@code at}. */
    List<Sample> samples(Series series, int at) {
        return series.until(at, stride, most);
    }
}
