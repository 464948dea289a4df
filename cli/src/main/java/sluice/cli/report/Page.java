package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import java.util.List;
import java.util.Map;

/** A page that needs nothing but itself, and may load nothing. */
public final class Page {
    private static final String CSS = """
            body{font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#111827;max-width:1040px;margin:24px auto;padding:0 16px}
            h1{font-size:24px;margin:0}h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid #e5e7eb}h3{font-size:15px;margin:16px 0 4px}
            .verdict{padding:14px 18px;border-left:8px solid;border-radius:4px;background:#f3f4f6}.verdict p{margin:4px 0}
            .good{border-color:#009e73;background:#ecfdf5}.bad{border-color:#d0342c;background:#fef2f2}.open{border-color:#c77700;background:#fffbeb}
            .missing{padding:6px 10px;background:#f3f4f6;border-left:4px solid #8b95a1;margin:6px 0}
            table{border-collapse:collapse;font-size:13px;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #e5e7eb;overflow-wrap:anywhere}
            th{color:#4b5563;font-weight:600;white-space:nowrap}.badge{display:inline-block;min-width:18px;border-radius:9px;color:#fff;text-align:center;font-size:12px;padding:0 3px}
            pre{font:12px/1.4 "DejaVu Sans Mono",monospace;background:#f3f4f6;padding:10px;white-space:pre-wrap;overflow-wrap:anywhere}
            figure{margin:12px 0}figure svg{max-width:100%;height:auto}figcaption,.about{color:#4b5563;font-size:13px}.files a{margin-right:8px}
            """;
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private Page() {}

    static Markup of(String title, List<Markup> body) {
        return of(title, CSS, POLICY, body);
    }

    /**
     * With a style and a policy of its own.
     *
     * @param policy what it may load, as a Content-Security-Policy
     */
    public static Markup of(String title, String css, String policy, List<Markup> body) {
        return Markup.document(element(
                "html",
                Map.of("lang", "en"),
                element(
                        "head",
                        element("meta", Map.of("charset", "utf-8")),
                        element("meta", Map.of("http-equiv", "Content-Security-Policy", "content", policy)),
                        element("meta", Map.of("name", "viewport", "content", "width=device-width")),
                        element("title", title),
                        Markup.style(css)),
                element("body", Markup.all(body))));
    }
}
