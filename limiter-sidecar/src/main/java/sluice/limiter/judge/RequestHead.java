package sluice.limiter.judge;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;

/**
 * What a judgement may look at.
 *
 * @param path decoded and normalised, without the query: the same path that is forwarded
 * @param peer the address of the connection, not of any header
 */
public record RequestHead(String method, String path, HttpHeaders headers, InetAddress peer) {}
