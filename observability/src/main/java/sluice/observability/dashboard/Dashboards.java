package sluice.observability.dashboard;

import java.util.List;

/** All of them. */
public final class Dashboards {

    private Dashboards() {}

    /** In the order in which one would look. */
    public static List<Dashboard> all() {
        return List.of(
                RolloutDashboard.dashboard(),
                LimiterDashboard.dashboard(),
                AuthDashboard.dashboard(),
                WafDashboard.dashboard(),
                InfraDashboard.dashboard(),
                OperatorDashboard.dashboard());
    }
}
