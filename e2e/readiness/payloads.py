"""Sends the attacks among the OWASP rules' own regression tests to a WAF: payloads.py TESTS RULES HOST PORT CA

Of the tests in the folder TESTS (YAML) those are sent that are one request, and whose rule, of the files in RULES, is in force at paranoia level 1
and enough by itself to block. The bytes are as the test has them, so what a client library would mend stays broken. Prints, as JSON, for each kind
how many were sent, how often each status came, and the tests that were let through; and which were not sent.
"""

import base64
import collections
import json
import pathlib
import re
import socket
import ssl
import sys
import urllib.parse

import yaml

TIMEOUT_SECONDS = 30
# 403 is the rules' answer, 400 and 505 are nginx's to what is no HTTP.
REFUSED = {400, 403, 505}
# A header of any other name is dropped by nginx before the rules, or an app, could read it.
KEPT_HEADER = re.compile(r"[A-Za-z0-9-]+")
HARMLESS = {"uri": "/?q=history+of+art", "headers": {"Host": "localhost", "User-Agent": "OWASP CRS test agent"}}
# A rule of this severity scores what blocks; notices and warnings do so only together.
ENOUGH = "CRITICAL"
FORM = "application/x-www-form-urlencoded"


def blocking_rules(folder):
    """The numbers of the rules that are in force at level 1 and block by themselves."""
    found = set()
    for file in sorted(folder.glob("*.conf")):
        code = re.sub(r"^\s*#.*$", "", file.read_text(), flags=re.MULTILINE)
        # From one rule's id to the next: what is chained to a rule has none.
        for number, rest in re.findall(r"\bid:(\d{6})\b(.*?)(?=\bid:\d{6}\b|\Z)", code, flags=re.DOTALL):
            if "paranoia-level/1'" in rest and f"severity:'{ENOUGH}'" in rest:
                found.add(number)
    return found


def form(data):
    """A form's fields, encoded where they are not."""
    if urllib.parse.quote(urllib.parse.unquote(data)) == data:
        return data
    fields = urllib.parse.parse_qsl(data)
    return urllib.parse.urlencode(fields) if fields else data


def request(test):
    """The bytes of a test's request, as the rules' own runner makes them."""
    if "encoded_request" in test:
        return base64.b64decode(test["encoded_request"])
    if "raw_request" in test:
        return test["raw_request"].encode("latin-1", "replace")
    headers = {name: str(value) for name, value in (test.get("headers") or {}).items()}
    data = test.get("data", "")
    data = "\r\n".join(map(str, data)) if isinstance(data, list) else str(data)
    names = {name.lower() for name in headers}
    if data and not test.get("stop_magic"):
        if "content-type" not in names:
            headers["Content-Type"] = FORM
        if next(value for name, value in headers.items() if name.lower() == "content-type") == FORM:
            data = form(data)
        if "content-length" not in names:
            headers["Content-Length"] = str(len(data.encode()))
    if "connection" not in names:
        headers["Connection"] = "close"
    lines = [f"{test.get('method', 'GET')} {test.get('uri', '/')} {test.get('version', 'HTTP/1.1')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + data).encode()


def status(context, host, port, sent):
    """The status of the answer, 0 when the connection was closed without one."""
    try:
        with socket.create_connection((host, port), TIMEOUT_SECONDS) as plain:
            with context.wrap_socket(plain, server_hostname=host) as connection:
                connection.sendall(sent)
                line = connection.makefile("rb").readline(1024)
    except (ConnectionError, ssl.SSLError, TimeoutError):
        return 0
    answer = re.match(rb"HTTP/1\.[01] (\d{3})", line)
    return int(answer[1]) if answer else 0


def attacks(folder, rules):
    """Kind, title and request of each test that expects one of the rules to match."""
    for file in sorted(folder.rglob("*.yaml")):
        for test in yaml.safe_load(file.read_text())["tests"]:
            stages = [stage["stage"] for stage in test["stages"]]
            expected = re.search(r'id "(\d{6})"', str(stages[0]["output"].get("log_contains", "")))
            if len(stages) == 1 and expected and expected[1] in rules:
                yield file.parent.name, str(test["test_title"]), stages[0]["input"]


def is_dropped(test):
    return any(not KEPT_HEADER.fullmatch(name) for name in test.get("headers") or {})


def main(folder, rules, host, port, authority):
    context = ssl.create_default_context(cafile=authority)
    if (harmless := status(context, host, int(port), request(HARMLESS))) in REFUSED:
        sys.exit(f"a harmless request is answered {harmless}, too: that an attack is refused would say nothing")
    kinds, dropped = {}, []
    for kind, title, test in attacks(pathlib.Path(folder), blocking_rules(pathlib.Path(rules))):
        if is_dropped(test):
            dropped.append(title)
            continue
        got = status(context, host, int(port), request(test))
        entry = kinds.setdefault(kind, {"kind": kind, "sent": 0, "answers": collections.Counter(), "let_through": []})
        entry["sent"] += 1
        entry["answers"][str(got)] += 1
        if got not in REFUSED:
            entry["let_through"].append(title)
    json.dump({"kinds": list(kinds.values()), "not_sent": dropped}, sys.stdout, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
