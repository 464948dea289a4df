package sluice.limiter.log;

import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.Judgement;
import sluice.limiter.metrics.AuthResult;

/**
 * What the request log says of one request.
 *
 * @param at when the request arrived, in milliseconds of the epoch
 * @param path as forwarded, without the query, which may carry secrets
 * @param status what the client was answered; 499 when it went away before
 * @param latencyNanos from the request's head to the end of its answer
 * @param judgement absent when the request was refused before it could be judged
 */
public record RequestLine(
        long at,
        String requestId,
        String method,
        String path,
        int status,
        long latencyNanos,
        AuthResult auth,
        @Nullable Judgement judgement) {}
