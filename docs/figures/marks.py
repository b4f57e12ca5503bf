#!/usr/bin/env python3
"""What is left of the demo in the observability stack?

usage: marks.py [demo's options]

Runs `./firebreak demo` with a Grafana, an OTLP receiver and an Alertmanager that take what they get, and says how much of the run's time
the spans of its phases cover, and what the annotations tell of the cascade. Fails if the spans cover less than 99 %, if the escapes stand
in another order than in the report, or if what was injected is not marked first.
"""
import json, os, pathlib, struct, subprocess, sys, tempfile

from receivers import Takers

ROOT = pathlib.Path(__file__).resolve().parents[2]


def fields(message):
    """The fields of a protobuf message, as (number, value): integers, and bytes for all that is not one."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(kind) or varint()
        value = message[at:at + size]
        yield key >> 3, struct.unpack('<Q', value)[0] if kind == 1 else value
        at += size


def spans(requests):
    """Of each span its trace, name, parent, begin and end in nanoseconds: trace.proto of OpenTelemetry."""
    for request in requests:
        for resource in (value for number, value in fields(request) if number == 1):
            for scope in (value for number, value in fields(resource) if number == 2):
                for span in (dict(fields(value)) for number, value in fields(scope) if number == 2):
                    yield span[1].hex(), span[5].decode(), span.get(4, b'').hex(), span[7], span[8]


def covered(phases, begin, end):
    covered, until = 0, begin
    for start, stop in sorted(phases):
        covered += max(0, min(stop, end) - max(start, until))
        until = max(until, stop)
    return covered / (end - begin)


def tag(mark, name):
    return next((tag.split(':', 1)[1] for tag in mark['tags'] if tag.startswith(name + ':')), None)


def main():
    takers = Takers()
    out = pathlib.Path(tempfile.mkdtemp(prefix='marks-'))
    env = {**os.environ, 'FIREBREAK_HOME': str(out / 'home'), 'FIREBREAK_GRAFANA_URL': takers.server, 'FIREBREAK_GRAFANA_TOKEN': 'glsa_figure',
           'FIREBREAK_ALERTMANAGER_URL': takers.server, 'OTEL_EXPORTER_OTLP_ENDPOINT': takers.server}
    with open(out / 'log', 'w') as log:
        subprocess.run([str(ROOT / 'firebreak'), 'demo', '--out', str(out / 'runs'), *sys.argv[1:]],
                       env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=600)
    report = json.loads(next((out / 'runs').glob('*/report.json')).read_text())
    every = list(spans(takers.traces))
    roots = [span for span in every if not span[2]]
    if len(roots) != 1 or len({span[0] for span in every}) != 1:
        raise SystemExit(f'{len(roots)} roots in {len({span[0] for span in every})} traces, see {out}')
    share = covered([span[3:] for span in every if span[1].startswith('phase ')], *roots[0][3:])
    print(f'{len(every)} spans in one trace; those of the phases cover {100 * share:.2f} % of {(roots[0][4] - roots[0][3]) / 1e9:.1f} s')

    marks = sorted(takers.marks.values(), key=lambda mark: mark['time'])
    began = marks[0]['time']
    for mark in marks:
        print(f'  {(mark["time"] - began) / 1e3:5.1f} s  {tag(mark, "role"):9} {tag(mark, "service") or "":15} {mark["text"][:90]}')
    told = [tag(mark, 'service') for mark in marks if tag(mark, 'role') == 'escaped']
    found = [finding['service'] for finding in sorted(report['findings'], key=lambda f: f['onset']) if finding['class'] == 'ESCAPED']
    print('escaped, by the annotations:', ' → '.join(told), '· by the report:', ' → '.join(found))
    if share < 0.99 or told != found or not told or tag(marks[0], 'role') != 'injected':
        raise SystemExit(f'this is not what was promised, see {out}')


if __name__ == '__main__':
    sys.exit(main())
