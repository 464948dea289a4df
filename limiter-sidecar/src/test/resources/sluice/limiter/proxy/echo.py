"""Says in X-Seen what it has read: method, target and body in hexadecimal digits. `wsgi` for gunicorn, `asgi` for uvicorn."""


def wsgi(environ, start_response):
    body = environ["wsgi.input"].read()
    seen = f"{environ['REQUEST_METHOD']} {environ['RAW_URI']} {body.hex()}".strip()
    start_response("200 OK", [("X-Seen", seen), ("Content-Length", "0")])
    return []


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    seen = f"{scope['method']} {target.decode('latin-1')} {body.hex()}".strip()
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"x-seen", seen.encode("latin-1")), (b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
