package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Why a request is answered without being judged. The connection is closed after it. */
record Refusal(HttpResponseStatus status, String detail) {}
