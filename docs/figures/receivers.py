"""What the figures about marks need: an HTTP server of a few lines, something that takes all marks, and a port that is a black hole."""
import gzip, http.server, json, socket, threading


class Takers:
    """A Grafana, an OTLP receiver and an Alertmanager behind one port that take whatever they get."""

    def __init__(self):
        self.lock, self.marks, self.traces, self.requests = threading.Lock(), {}, [], 0
        self.server = serve(self)

    def answer(self, method, path, body):
        with self.lock:
            self.requests += 1
            path = path.split('?')[0]
            if path == '/v1/traces':
                self.traces.append(gzip.decompress(body) if body[:2] == b'\x1f\x8b' else body)
            if path.startswith('/v1/'):
                return 'application/x-protobuf', ''
            if path.endswith('/silences'):
                return 'application/json', '[]' if method == 'GET' else '{"silenceID": "00000000-0000-0000-0000-000000000001"}'
            if path == '/api/annotations' and method == 'POST':
                mark = {'id': len(self.marks) + 1, **json.loads(body)}
                self.marks[mark['id']] = mark
                return 'application/json', json.dumps({'id': mark['id'], 'message': 'Annotation added'})
            if path == '/api/annotations':
                return 'application/json', json.dumps(list(self.marks.values()))
            if path.startswith('/api/annotations/'):
                mark = self.marks.get(int(path.split('/')[-1]))
                if mark and method == 'PATCH':
                    mark.update(json.loads(body))
                return 'application/json', json.dumps(mark or {})
            return 'application/json', '{}'


def serve(answering):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
            kind, text = answering.answer(self.command, self.path, body)
            data = text.encode()
            self.send_response(200)
            self.send_header('Content-Type', kind)
            self.send_header('Content-Length', str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = handle_any

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'http://127.0.0.1:{server.server_address[1]}'


def black_hole():
    """A port that takes every connection and never says a word."""
    listening = socket.create_server(('127.0.0.1', 0), backlog=128)
    kept = []

    def take():
        while True:
            kept.append(listening.accept()[0])

    threading.Thread(target=take, daemon=True).start()
    return f'http://127.0.0.1:{listening.getsockname()[1]}'
