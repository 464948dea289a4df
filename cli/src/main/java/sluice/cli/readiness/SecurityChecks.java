package sluice.cli.readiness;

import java.util.List;
import sluice.cli.readiness.Proof.Attacked;
import sluice.cli.readiness.Proof.Ran;
import sluice.cli.readiness.Proof.Requested;
import sluice.cli.readiness.Proof.Tested;
import sluice.cli.readiness.Proof.Unchecked;

/** What is checked before anybody says that it is secure, and by what. */
final class SecurityChecks {
    private static final String SIDECAR = "limiter-sidecar";
    private static final String OPERATOR = "operator";
    private static final String SCENARIOS = "e2e/scenarios";
    private static final String APP = "e2e/demo-app";

    static final List<SecurityCheck> ALL = List.of(
            SecurityCheck.of(
                    "access",
                    "nobody signs up without an invitation, and each role sees what is its own",
                    Tested.of(
                            APP,
                            "sluice.demo.ScholarshipsTest",
                            "nobodySignsUpWithoutTheInviteCodeOrUnderASeededName",
                            "onlyProvidersAndAdminsPublishCourses",
                            "onlyAdminsSeeAllUsers"),
                    new Requested("invite only"),
                    new Requested("roles")),
            SecurityCheck.of(
                    "access",
                    "whoever brings no token, or one that is expired, changed or signed by somebody else, is nobody",
                    Tested.of(
                            APP,
                            "sluice.demo.ScholarshipsTest",
                            "aRequestWithoutATokenIsChallengedWithoutAnErrorCode",
                            "anExpiredTokenIsSaidToBeExpired",
                            "aTokenOfAnotherKeyIsInvalid",
                            "whatIsNotATokenIsInvalid"),
                    Tested.all(SIDECAR, "sluice.limiter.identity.TokenVerifierTest"),
                    new Requested("strict authentication")),
            SecurityCheck.of(
                    "access",
                    "nobody gets past authentication or limits by inventing users, addresses or verdicts of the WAF",
                    Tested.all(SIDECAR, "sluice.limiter.InventedUsersTest"),
                    Tested.of(
                            SCENARIOS,
                            "sluice.e2e.cases.LimitsE2E",
                            "theSameHeaderCountsForNothingFromAPeerThatIsNotTrusted")),
            SecurityCheck.of(
                    "pods",
                    "nothing in the app's pods changes but the injection",
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.admission.PodInjectorTest",
                            "changesNothingButWhatInjectionIsAbout",
                            "injectsTwiceLikeOnce"),
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.chart.InjectionIT",
                            "injectsAPodAgainThatIsMadeFromAnInjectedOneWithoutChangingIt",
                            "isNotAskedAboutPodsWithoutTheLabelOrInItsOwnNamespace"),
                    new Ran("injection", "e2e/readiness/injection")),
            SecurityCheck.of(
                    "pods",
                    "operator and sidecar run under the Pod Security Standard restricted",
                    Tested.of(
                            OPERATOR, "sluice.operator.chart.HelmChartIT", "runsUnderThePodSecurityStandardRestricted"),
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.chart.InjectionIT",
                            "storesAPodWithItsSidecarThatThePodSecurityStandardRestrictedAllows")),
            SecurityCheck.of("WAF", "injection of SQL is answered 403", new Requested("SQL injection")),
            SecurityCheck.of("WAF", "scripts in parameters are answered 403", new Requested("cross-site scripting")),
            SecurityCheck.of(
                    "WAF",
                    "shell commands, lookups and code in parameters are answered 403",
                    new Requested("remote execution")),
            SecurityCheck.of(
                    "WAF",
                    "paths that climb are answered 403 or 400, and a path that is forwarded is the one that was matched",
                    new Requested("traversal"),
                    Tested.all(SIDECAR, "sluice.limiter.proxy.NormalPathTest")),
            SecurityCheck.of(
                    "WAF",
                    "the attacks of the OWASP rules' own regression tests that block by themselves at paranoia level 1 are refused",
                    new Attacked()),
            SecurityCheck.of("WAF", "requests that mean no harm are let through", new Requested("harmless")),
            SecurityCheck.of(
                    "WAF",
                    "a request that the WAF marked is blocked and costs its caller nothing",
                    Tested.of(
                            SCENARIOS,
                            "sluice.e2e.cases.LimitsE2E",
                            "aRequestThatTheWafMarkedIsBlockedAndCostsNothing")),
            SecurityCheck.of(
                    "HTTP",
                    "ambiguous framing is refused, and floods and slow callers are bounded",
                    Tested.all(SIDECAR, "sluice.limiter.proxy.FramingTricksTest"),
                    Tested.all(SIDECAR, "sluice.limiter.proxy.StrictParsingTest"),
                    Tested.all(SIDECAR, "sluice.limiter.proxy.Http2AttacksTest"),
                    Tested.all(SIDECAR, "sluice.limiter.proxy.SlowClientsTest")),
            SecurityCheck.of(
                    "TLS",
                    "the service is reached by TLS 1.2 or newer only",
                    new Requested("TLS only"),
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.alerts.SyntheticsIT",
                            "failsWithoutTlsAndWithACertificateForAnotherName")),
            SecurityCheck.of(
                    "TLS",
                    "the operator's stream, and a Redis that is reached by TLS, must show a certificate that is trusted, for their host",
                    Tested.of(
                            SIDECAR,
                            "sluice.limiter.control.OperatorConnectionTest",
                            "trustsOnlyTheBundleAndReadsItAgain",
                            "refusesACertificateForAnotherHost"),
                    Tested.all(SIDECAR, "sluice.limiter.redis.RedisTlsIT"),
                    Tested.all(OPERATOR, "sluice.operator.certificates.CertificateRotationTest")),
            SecurityCheck.of(
                    "TLS",
                    "a Prometheus that is reached by TLS must show a certificate that is trusted, for its host",
                    new PrometheusByTls()),
            SecurityCheck.of(
                    "TLS",
                    "Slack's token leaves the cluster by TLS only",
                    Tested.of(OPERATOR, "sluice.operator.chart.HelmChartIT", "sendsTheTokenOutOfTheClusterByTlsOnly")),
            SecurityCheck.of(
                    "secrets",
                    "the password of Redis is in its Secret and in no log, status, event, metric or environment",
                    Tested.all(SCENARIOS, "sluice.e2e.cases.SecretsE2E")),
            SecurityCheck.of(
                    "secrets",
                    "the repository has no credential in any of its commits",
                    new Ran("gitleaks", "e2e/readiness/leaks")),
            SecurityCheck.of(
                    "secrets",
                    "what is told to Slack or written into a report carries no way in, and calls nobody",
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.notify.SlackNotifierTest",
                            "nothingInATextCallsAnybodyOrIsALink",
                            "saysNothingOfATokenThatIsNone"),
                    Tested.all("cli", "sluice.cli.ReportPropertyTest"),
                    Tested.all("cli", "sluice.cli.report.RedactionTest")),
            SecurityCheck.of(
                    "secrets",
                    "a caller cannot write lines of its own into the log",
                    Tested.all(SIDECAR, "sluice.limiter.log.LogLinePropertyTest")),
            SecurityCheck.of(
                    "RBAC",
                    "the operator's rights name every verb and resource, and no Secret but its own certificates",
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.chart.HelmChartIT",
                            "namesEveryVerbGroupAndResource",
                            "givesTheOperatorNoSecretButItsOwnCertificates",
                            "letsTheOperatorDeleteNothingButJobs")),
            SecurityCheck.of(
                    "RBAC",
                    "a rollout names no Secret and no target that its author may not use, and the operator is held to its own",
                    Tested.all(OPERATOR, "sluice.operator.chart.AdmissionPolicyIT")),
            SecurityCheck.of(
                    "RBAC",
                    "bad resources are refused with a message that says what to do",
                    Tested.all(OPERATOR, "sluice.operator.api.RefusedResourcesIT"),
                    Tested.all(SCENARIOS, "sluice.e2e.cases.RefusalsE2E")),
            SecurityCheck.of(
                    "RBAC",
                    "a built-in signal's query reads of its own namespace and rollout only; a rollout's own PromQL is sent only where the operator's owner allows it",
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.prometheus.QueriesTest",
                            "everyQueryCarriesTheNamespaceAndTheRolloutInEverySelector",
                            "aLabelValueCannotLeaveItsQuotes"),
                    Tested.of(
                            OPERATOR,
                            "sluice.operator.prometheus.FreeQueriesTest",
                            "whereQueriesAreNotAllowedNoneIsSentAndTheRolloutDoesNotBegin")),
            SecurityCheck.of(
                    "images",
                    "images build to the same bytes twice, the sidecar's AOT cache aside",
                    new Ran("images", "e2e/readiness/twice")),
            SecurityCheck.of(
                    "images",
                    "images have no known vulnerability",
                    new Unchecked("a closed machine cannot fetch a database of vulnerabilities")));

    private SecurityChecks() {}
}
