package sluice.e2e.measure;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sluice.e2e.log.LogLine;

/**
 * Who was in the candidate arm during one step.
 *
 * @param weight the step's, in percent
 * @param observedShare distinct callers in the candidate arm divided by distinct callers, 0 to 1
 * @param users distinct callers
 * @param inBothArms callers seen in either arm, which must be none
 */
public record StepFigures(
        int weight,
        double observedShare,
        int users,
        @JsonIgnore int inBothArms) {

    /** Counts the users among the requests of a step; requests that name no user are left out, for they share an address. */
    public static StepFigures of(int weight, Collection<LogLine.Request> requests) {
        Map<String, Set<String>> armsOfUser = new HashMap<>();
        requests.stream()
                .filter(LogLine.Request::ofUser)
                .forEach(request -> armsOfUser
                        .computeIfAbsent(request.key(), user -> new HashSet<>())
                        .add(request.arm()));
        long candidates = count(armsOfUser, arms -> arms.contains("candidate"));
        long both = count(armsOfUser, arms -> arms.size() > 1);
        int users = armsOfUser.size();
        return new StepFigures(weight, users == 0 ? 0 : (double) candidates / users, users, Math.toIntExact(both));
    }

    /** How likely a share as far from the weight, or farther, is by chance alone. */
    double chance() {
        return Chance.ofShare(weight, Math.round(observedShare * users), users);
    }

    /** The same for nobody in the candidate arm: of so few callers that this is likely, no share says anything. */
    double chanceOfNobody() {
        return Chance.ofShare(weight, 0, users);
    }

    private static long count(Map<String, Set<String>> armsOfUser, java.util.function.Predicate<Set<String>> wanted) {
        return armsOfUser.values().stream().filter(wanted).count();
    }
}
