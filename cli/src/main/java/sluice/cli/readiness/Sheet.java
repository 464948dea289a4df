package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import java.util.List;
import java.util.Map;
import sluice.cli.report.Markup;
import sluice.cli.report.Page;

/** A page that needs nothing but itself and may load nothing; for a screen by day and by night, and for paper. */
final class Sheet {
    private static final String CSS = """
            :root{color-scheme:light dark;--ink:#111827;--soft:#4b5563;--paper:#fff;--box:#f3f4f6;--line:#e5e7eb;--good:#00664b;--bad:#b3261e;--open:#8a5300}
            @media(prefers-color-scheme:dark){:root{--ink:#e5e7eb;--soft:#a3adba;--paper:#12161c;--box:#1d232c;--line:#323a46;--good:#5fd3ad;--bad:#ff8a80;--open:#f2b34c}}
            body{font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--paper);max-width:1080px;margin:24px auto;padding:0 16px}
            h1{font-size:24px;margin:0}h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid var(--line)}a{color:inherit}
            .verdict{padding:14px 18px;border-left:8px solid;border-radius:4px;background:var(--box)}.verdict p{margin:4px 0}
            .verdict.good{border-color:var(--good)}.verdict.bad{border-color:var(--bad)}.verdict.open{border-color:var(--open)}
            .badge{font-size:12px;white-space:nowrap}.badge.good{color:var(--good)}.badge.bad{color:var(--bad)}.badge.open{color:var(--open)}
            table{border-collapse:collapse;font-size:13px;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
            th{color:var(--soft);white-space:nowrap}td a{margin-right:8px}.about,figcaption{color:var(--soft);font-size:13px}
            figure{margin:12px 0}figure img,figure svg{max-width:100%;height:auto;background:#fff;border:1px solid var(--line)}
            @media print{:root{--ink:#000;--soft:#333;--paper:#fff;--box:#fff;--line:#999;--good:#00664b;--bad:#b3261e;--open:#8a5300}body{margin:0;max-width:none}section,figure,tr{break-inside:avoid}}
            """;
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private Sheet() {}

    static Markup of(String title, List<Markup> body) {
        return Page.of(title, CSS, POLICY, body);
    }

    static Markup link(String path) {
        return element("a", Map.of("href", path), Markup.text(path.substring(path.lastIndexOf('/') + 1)));
    }
}
