package sluice.operator.control;

/** Leads and is fresh as the test says. */
public final class FakeLeadership implements Leadership {

    public volatile boolean leads = true;
    public volatile boolean fresh = true;

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public boolean fresh() {
        return leads && fresh;
    }
}
