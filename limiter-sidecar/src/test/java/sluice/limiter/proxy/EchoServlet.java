package sluice.limiter.proxy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;

/** Says in {@code X-Seen} what it has read: method, target and body in hexadecimal digits. */
final class EchoServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        var body = HexFormat.of().formatHex(request.getInputStream().readAllBytes());
        var query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        answer.setHeader("X-Seen", (request.getMethod() + " " + request.getRequestURI() + query + " " + body).strip());
        answer.setContentLength(0);
    }
}
