#!/usr/bin/env python3
"""Does it cost time before the undo when nobody takes the marks?

usage: black-holes.py [RUNS] [--at-once N]      RUNS of each kind (60); needs `firebreak` to be built

Runs the program against a small shop of its own whose web fails when stock is slow: each run sees a cascade and halts. Half of the runs
have a Grafana, an OTLP receiver and an Alertmanager that take what they get at once; the other half has three ports that take a connection
and never say a word. Runs of both kinds go on at the same time, so that they share what else the machine does. Prints the time from the
breach to the undo of each kind, and the ratio of their medians with a 95 % interval (bootstrap, 10,000 resamplings, seed 1).
"""
import argparse, json, os, pathlib, random, statistics, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

from receivers import Takers, black_hole, serve

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUCKETS = ['0.005', '0.025', '0.1', '0.5', '1.0', '2.5']
RATE = 50


class Shop:
    """web calls cart, cart calls stock; each serves 50 requests a second, as Micrometer counts them."""

    def __init__(self):
        self.lock, self.slow, self.at = threading.Lock(), False, time.monotonic()
        self.counts = {service: [0.0] * (len(BUCKETS) + 2) for service in ('web', 'cart', 'stock')}
        self.server = serve(self)

    def advance(self):
        now = time.monotonic()
        for service, counts in self.counts.items():
            seconds = 0.9 if self.slow and service != 'cart' else 0.02
            more = RATE * (now - self.at)
            for i, bucket in enumerate(BUCKETS):
                counts[i] += more if seconds <= float(bucket) else 0
            counts[-2] += more
            counts[-1] += more * seconds
        self.at = now

    def answer(self, method, path, _body):
        with self.lock:
            self.advance()
            if path.endswith('/slow'):
                self.slow = {'PUT': True, 'DELETE': False}.get(method, self.slow)
                return 'text/plain', 'slow' if self.slow else 'fast'
            service = path.split('/')[1]
            counts = self.counts[service]
            labels = f'application="{service}",method="GET",status="200",uri="/"'
            name = 'http_server_requests_seconds'
            lines = [f'# TYPE {name} histogram']
            lines += [f'{name}_bucket{{{labels},le="{le}"}} {n:.3f}' for le, n in zip(BUCKETS + ['+Inf'], counts)]
            lines += [f'{name}_count{{{labels}}} {counts[-2]:.3f}', f'{name}_sum{{{labels}}} {counts[-1]:.3f}']
            return 'text/plain; version=0.0.4', '\n'.join(lines) + '\n'


def game_day(shop):
    stock = shop.server + '/stock/slow'
    return {'telemetry': {'scrape': [f'{shop.server}/{service}/metrics' for service in ('web', 'cart', 'stock')], 'every': '250ms'},
            'experiments': [{'name': 'stock suffers', 'blast-radius': {'inject': 'stock'}, 'halt': {'on': ['cascade', 'blind']},
                             'baseline': '5s', 'recovery': '2s',
                             'method': [{'fault': 'http/request', 'for': '60s',
                                         'with': {'do': {'url': stock, 'method': 'PUT'}, 'undo': {'url': stock, 'method': 'DELETE'},
                                                  'verify': {'url': stock, 'present': {'contains': 'slow'}, 'gone': {'contains': 'fast'}}}}]}]}


def run(folder, receivers):
    folder.mkdir(parents=True)
    shop = Shop()
    (folder / 'gameday.json').write_text(json.dumps(game_day(shop)))
    grafana, otlp, alertmanager = receivers
    env = {**os.environ, 'FIREBREAK_HOME': str(folder / 'home'), 'FIREBREAK_GRAFANA_URL': grafana, 'FIREBREAK_GRAFANA_TOKEN': 'glsa_figure',
           'FIREBREAK_ALERTMANAGER_URL': alertmanager, 'OTEL_EXPORTER_OTLP_ENDPOINT': otlp, 'OTEL_METRIC_EXPORT_INTERVAL': '1000'}
    with open(folder / 'log', 'w') as log:
        subprocess.run([str(ROOT / 'firebreak'), 'run', str(folder / 'gameday.json'), '--out', str(folder / 'runs')],
                       env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=240)
    report = json.loads(next((folder / 'runs').glob('*/report.json')).read_text())
    if report['outcome'] != 'CASCADED' or shop.slow:
        raise SystemExit(f'{folder}: ended {report["outcome"]}, the shop is {"slow" if shop.slow else "fast"}')
    return report


def seconds(report):
    return report['rollback']['breachToRollbackSeconds']


def interval(healthy, holes):
    chance = random.Random(1)
    ratios = sorted(statistics.median(chance.choices(holes, k=len(holes))) / statistics.median(chance.choices(healthy, k=len(healthy)))
                    for _ in range(10_000))
    return ratios[250], ratios[9_750]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('runs', type=int, nargs='?', default=60)
    parser.add_argument('--at-once', type=int, default=4)
    args = parser.parse_args()
    takers = Takers()
    kinds = {'healthy': (takers.server,) * 3, 'black holes': tuple(black_hole() for _ in range(3))}
    times = {kind: [] for kind in kinds}
    out = pathlib.Path(tempfile.mkdtemp(prefix='black-holes-'))
    with ThreadPoolExecutor(args.at_once) as pool:
        begun = [(kind, pool.submit(run, out / f'{i}-{kind.split()[0]}', receivers)) for i in range(args.runs)
                 for kind, receivers in kinds.items()]
        for kind, done in begun:
            times[kind].append(seconds(done.result()))
    for kind, each in times.items():
        print(f'{kind:12} {len(each)} runs, breach to undo: median {1e3 * statistics.median(each):.1f} ms, '
              f'{1e3 * min(each):.1f} to {1e3 * max(each):.1f} ms')
    if takers.requests < 4 * args.runs:
        raise SystemExit(f'the healthy receivers were asked only {takers.requests} times')
    low, high = interval(times['healthy'], times['black holes'])
    ratio = statistics.median(times['black holes']) / statistics.median(times['healthy'])
    print(f'ratio of the medians {ratio:.3f} (95 %: {low:.3f} to {high:.3f}); journals and reports: {out}')


if __name__ == '__main__':
    sys.exit(main())
