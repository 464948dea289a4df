package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.log.RequestLine;
import sluice.limiter.metrics.ArmMeters;
import sluice.limiter.metrics.AuthResult;

/**
 * Accounts for one request: in the metrics, and with one line in the request log when it has ended.
 *
 * <p>The app's latency runs to the head of its answer, not to the end: how fast a client takes a download must not look like the app's
 * doing, or a few slow readers could roll back a release.
 */
final class Account {

    /** As nginx has it: the client went away before it was answered. */
    private static final int CLIENT_GONE = 499;

    private static final int OK = 200;

    private final ProxyEnvironment environment;
    private final String requestId;
    private final String method;
    private final String path;
    private final Credentials credentials;
    private final long arrivedAt = System.currentTimeMillis();
    private final long began = System.nanoTime();
    private @Nullable Judgement judgement;
    private @Nullable ArmMeters meters;
    private long appsTurn;
    private int appStatus;
    private AuthResult auth = AuthResult.NONE;

    Account(ProxyEnvironment environment, String requestId, String method, String path, Credentials credentials) {
        this.environment = environment;
        this.requestId = requestId;
        this.method = method;
        this.path = path;
        this.credentials = credentials;
    }

    String requestId() {
        return requestId;
    }

    void judged(Judgement judged) {
        judgement = judged;
        meters = environment.metrics().of(judged);
        auth = AuthResults.ofToken(judged.tokenCheck());
        environment.metrics().judged(judged, System.nanoTime() - began, requestId);
        if (meters != null) {
            meters.decided(judged);
        }
    }

    /** It is the app's turn now; said again for each piece of the body, because the time that a slow client takes is not the app's. */
    void forwarding() {
        appsTurn = System.nanoTime();
    }

    /** The app's answer has begun. */
    void answered(int status, HttpHeaders answer) {
        appStatus = status;
        auth = AuthResults.of(status, credentials, tokenCheck(), answer);
        recordLatency();
    }

    /** A call of gRPC has told how it ended, in {@code told}: it counts as the HTTP status that this stands for. */
    void grpcEnded(HttpHeaders told) {
        if (appStatus == OK) {
            appStatus = Grpc.httpStatus(told.get(Grpc.STATUS));
            auth = AuthResults.of(appStatus, credentials, tokenCheck(), told);
        }
    }

    /** The app has switched protocols: counted, but how long it lasts is no latency. */
    void switched(int status, HttpHeaders answer) {
        appStatus = status;
        auth = AuthResults.of(status, credentials, tokenCheck(), answer);
        answerEnded();
    }

    private TokenCheck tokenCheck() {
        return judgement == null ? TokenCheck.ABSENT : judgement.tokenCheck();
    }

    private void recordLatency() {
        if (meters != null) {
            meters.appTook(System.nanoTime() - appsTurn, requestId);
        }
    }

    /** The app's answer has ended well. */
    void answerEnded() {
        countAnswer(appStatus);
        write(appStatus);
    }

    /** The app did not answer, or not to the end; {@code status} is 502 or 504. */
    void appFailed(int status) {
        if (appStatus == 0) {
            auth = AuthResults.unanswered(tokenCheck());
            recordLatency();
        }
        countAnswer(status);
        write(status);
    }

    /** The sidecar answered by itself. */
    void answeredHere(int status) {
        write(status);
    }

    /** The client did not wait for the end. What it did not wait for was slow: leaving it out would flatter the app. */
    void clientGone() {
        if (appStatus == 0 && appsTurn != 0) {
            auth = AuthResults.unanswered(tokenCheck());
            recordLatency();
            countAnswer(CLIENT_GONE);
        } else if (appStatus != 0) {
            countAnswer(appStatus);
        }
        write(appStatus != 0 ? appStatus : CLIENT_GONE);
    }

    private void countAnswer(int status) {
        if (meters != null && judgement != null) {
            meters.answered(judgement, status, auth);
        }
    }

    private void write(int status) {
        var took = System.nanoTime() - began;
        environment.log().write(new RequestLine(arrivedAt, requestId, method, path, status, took, auth, judgement));
    }
}
