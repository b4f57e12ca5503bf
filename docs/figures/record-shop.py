#!/usr/bin/env python3
"""Records the example shop under faults and in peace, as cases that `firebreak replay` reads and the bench's scorer scores.

usage: record-shop.py record --out DIR [--minutes N] [--shops N] [--broken N] [--port-base N]   needs the built shop and `firebreak`
       record-shop.py label DIR                                                               writes label.json into every case of DIR

`record` starts some shops, 40 requests per second each. Half of them (`--broken`) get the faults below, one after the other, each seen by
two runs at once: one at 1 s that injects, one at 5 s that only looks on. The others are left in peace and seen at 1 s and
5 s by placebo runs; so are the first half once all faults are recorded. What is there already is not done again, so that a
recording can go on another day. Where that is allowed (root), shops come first on the processor, then the runs, then all else:
a program that starts beside them is not to look like a fault.

`label` looks back at a whole case. A level is the median over 10 s (3 samples at 5 s) and counts only from the injection to
the end of the watch. A service outside the radius is *affected* if the level of a latency rose to at least 1.5 times the
case's own median before the injection and 20 ms above it, or that of its errors by one point, and by more than in any
fault-free case of the same step. Risen that far but no further than in a fault-free case, or to between 1.25 and 1.5 times:
*ambiguous*. The onset is the first sample of the series that is worth it, in the first 10 s that are. A case with an
affected service is a *cascade*; one with an ambiguous service at most, *ambiguous*; else *none*. Without a fault: *null*.
"""
import argparse, csv, json, os, pathlib, queue, random, shutil, signal, statistics, subprocess, sys, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ['gateway', 'catalog', 'checkout', 'payments', 'inventory', 'recommendations']
GRAPH = {'gateway': ['catalog', 'checkout', 'recommendations'], 'catalog': ['inventory'], 'checkout': ['inventory', 'payments']}
LATENCY, EXCEPTIONS = 'chaos-monkey/latency', 'chaos-monkey/exceptions'
KINDS = [('slow', LATENCY, {'latency': '800ms..1200ms'}), ('slower', LATENCY, {'latency': '150ms..250ms'}),
         ('weak', LATENCY, {'latency': '10ms..15ms'}), ('rarely-slow', LATENCY, {'latency': '400ms..600ms', 'level': 20}),
         ('failing', EXCEPTIONS, {}), ('rarely-failing', EXCEPTIONS, {'level': 10}), ('medium', LATENCY, {'latency': '40ms..60ms'})]
BASELINE, FAULT, RECOVERY = 120, 60, 35
PEACE_BASELINE, PEACE = 120, 480
JAVA = ['-Xmx256m', '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']


def first(priority):
    """Lets a child come before what else the machine does, so that this does not look like a fault of the shop."""
    def favour():
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority))
        except (AttributeError, PermissionError):
            pass
    return favour


class Shop:
    def __init__(self, base, log):
        self.base = base
        self.process = subprocess.Popen(
            ['java', *JAVA, '-jar', str(ROOT / 'examples/shop/target/shop.jar'), 'all', f'--shop.port-base={base}',
             '--shop.load.rate=40', '--shop.exit-with-parent=true'], stdout=open(log, 'w'), stderr=subprocess.STDOUT,
            preexec_fn=first(2))
        deadline = time.time() + 240
        while 'shop ready' not in open(log).read():
            if self.process.poll() is not None or time.time() > deadline:
                raise SystemExit(f'the shop did not start, see {log}')
            time.sleep(1)

    def end(self):
        self.process.terminate()


def game_day(name, base, step, service, fault, settings, baseline, lasting, recovery):
    target = {'service': service}
    if fault != 'placebo':
        target['url'] = f'http://127.0.0.1:{base + SERVICE_PORT[service]}'
    return {'metadata': {'name': name},
            'telemetry': {'scrape': [f'http://127.0.0.1:{base + i}/actuator/prometheus' for i in range(6)], 'every': f'{step}s',
                          'call-graph': GRAPH},
            'experiments': [{'name': name, 'blast-radius': {'inject': service},
                             'method': [{'fault': fault, 'target': target, 'with': settings, 'for': f'{lasting}s'}
                                        if settings or fault != 'placebo' else {'fault': fault, 'for': f'{lasting}s'}],
                             'halt': {'on': ['blind'], 'blindAfter': '60s'}, 'baseline': f'{baseline}s', 'recovery': f'{recovery}s'}]}


SERVICE_PORT = {'gateway': 0, 'catalog': 1, 'checkout': 2, 'payments': 3, 'inventory': 4, 'recommendations': 5}


def start(work, case, plan):
    """A run in a process, a directory and a home of its own."""
    folder = work / case
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / 'gameday.json').write_text(json.dumps(plan))
    env = {**os.environ, 'FIREBREAK_HOME': str(folder / 'home')}
    log = open(folder / 'log', 'w')
    process = subprocess.Popen([str(ROOT / 'firebreak'), 'run', str(folder / 'gameday.json'), '--out', str(folder / 'runs')],
                               stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, preexec_fn=first(1))
    return process


def save(work, out, dataset, case, injected=None, like=None):
    """The run of a case as a case of the bench's form; what only looked on gets the times of what injected."""
    runs = list((work / case / 'runs').glob('*'))
    if len(runs) != 1:
        raise RuntimeError(f'{case}: {len(runs)} runs')
    made = work / case / 'case'
    env = {**os.environ, 'FIREBREAK_HOME': str(work / case / 'home')}
    subprocess.run([str(ROOT / 'firebreak'), 'record', str(runs[0]), '--out', str(made)], check=True, env=env,
                   stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    folder = next(made.glob('*'))
    description = json.load(open(folder / 'case.json'))
    description |= {'case': case, 'dataset': dataset}
    if injected:
        description['blast_radius'] = [injected]
    if like:
        description |= {key: like[key] for key in ('inject_start', 'inject_end')}
    target = out / dataset / case
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / 'metrics.csv', target)
    (target / 'case.json').write_text(json.dumps(description, indent=1) + '\n')
    shutil.rmtree(work / case)
    return description


def attempt(what, *args):
    try:
        what(*args)
    except Exception as e:
        print(f'{time.strftime("%H:%M:%S")} {args[-1] if args else ""}: {e}', flush=True)


def faults():
    """All services times all kinds, in an order that has a bit of everything whenever it is broken off."""
    plans = [(f'{service}-{kind}', service, fault, settings) for kind, fault, settings in KINDS for service in SERVICES]
    random.Random(1).shuffle(plans)
    return plans


def record_faults(work, out, base, plans, until):
    """Takes faults until none is left; then the shop is left in peace."""
    while time.time() < until:
        try:
            name, service, fault, settings = plans.get_nowait()
        except queue.Empty:
            return record_peace(work, out, base, until)
        if not (out / 'shop-1s' / name).exists():
            attempt(record_fault, work, out, base, service, fault, settings, name)


def record_fault(work, out, base, service, fault, settings, name):
    seen = [(step, start(work, f'{name}-{step}s', game_day(name, base, step, service, *acts, BASELINE, FAULT, RECOVERY)))
            for step, acts in ((1, (fault, settings)), (5, ('placebo', {})))]
    for step, process in seen:
        process.wait(timeout=BASELINE + FAULT + RECOVERY + 200)
    described = save_as(work, out, 1, name, service, None)
    save_as(work, out, 5, name, service, described)


def save_as(work, out, step, name, service, like):
    (work / f'{name}-{step}s').rename(work / name)
    return save(work, out, f'shop-{step}s', name, service, like)


def record_peace(work, out, base, until):
    steps = [threading.Thread(target=record_peace_at, args=(work, out, base, step, until), daemon=True) for step in (1, 5)]
    for thread in steps:
        thread.start()
    for thread in steps:
        thread.join()


def record_peace_at(work, out, base, step, until):
    while time.time() + PEACE_BASELINE + PEACE < until:
        name = f'peace-{base}-' + time.strftime('%m%d-%H%M%S')
        attempt(record_calm, work, out, base, step, name)


def record_calm(work, out, base, step, name):
    own = work / f'{step}s'
    start(own, name, game_day(name, base, step, 'payments', 'placebo', {}, PEACE_BASELINE, PEACE, 5)).wait(timeout=PEACE + 300)
    save(own, out, f'shop-{step}s', name)


def record(args):
    work = args.out / 'work'
    work.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    until = time.time() + args.minutes * 60
    shops = [Shop(args.port_base + 10 * i, work / f'shop-{i}.log') for i in range(args.shops)]
    try:
        time.sleep(60)  # The first requests compile the shop.
        plans = queue.SimpleQueue()
        for plan in faults():
            plans.put(plan)
        count = (args.shops + 1) // 2 if args.broken is None else args.broken
        broken, calm = shops[:count], shops[count:]
        threads = [threading.Thread(target=record_faults, args=(work, args.out, shop.base, plans, until), daemon=True) for shop in broken]
        threads += [threading.Thread(target=record_peace, args=(work, args.out, shop.base, until), daemon=True) for shop in calm]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for shop in shops:
            shop.end()


class Series:
    """Levels of the series that people would feel, of one case."""

    def __init__(self, folder):
        self.case = json.load(open(folder / 'case.json'))
        self.step = self.case['sampling_seconds']
        rows = list(csv.reader(open(folder / 'metrics.csv')))
        self.columns = rows[0][1:]
        self.times = [float(row[0]) for row in rows[1:]]
        self.values = [[float(cell) if cell else float('nan') for cell in row[1:]] for row in rows[1:]]
        self.width = max(3, round(10 / self.step))
        self.end = self.case['inject_end'] + (30 if self.step <= 5 else self.step)

    def rises(self):
        """Of each watched column: highest level after the injection in terms of what is worth it, the same with 1.25, onset."""
        for i, column in enumerate(self.columns):
            service, metric = column.rsplit('__', 1)
            latency = metric in self.case['signals'].get('latency', ())
            if not latency and metric not in self.case['signals'].get('errors', ()):
                continue
            start = self.case['inject_start']
            before = [row[i] for t, row in zip(self.times, self.values) if t < start and row[i] == row[i]]
            after = [(t, row[i]) for t, row in zip(self.times, self.values) if start <= t <= self.end and row[i] == row[i]]
            if len(before) < 5 or len(after) < self.width:
                continue
            usual = statistics.median(before)
            worth = (lambda v, f=1.5: (v - usual) / max(usual * (f - 1), self.case['latency_floor'])) if latency \
                else (lambda v, f=1.5: (v - usual) / 0.01)
            levels = [statistics.median(v for _, v in after[k:k + self.width]) for k in range(len(after) - self.width + 1)]
            most = max(levels)
            onset = None
            if worth(most) >= 1:
                k = next(k for k, level in enumerate(levels) if worth(level) >= 1)
                onset = next(t for t, v in after[k:k + self.width] if worth(v) >= 1) - start
            yield service, metric, worth(most), worth(most, 1.25) if latency else worth(most) * 2, onset


def hops(case):
    """How many calls, in whatever direction, lie between the radius and each service that is tied to it."""
    away = {service: 0 for service in case['blast_radius']}
    for service in (reached := list(away)):
        for edge in case['call_graph']:
            for near, far in (edge, reversed(edge)):
                if near == service and far not in away:
                    away[far] = away[service] + 1
                    reached.append(far)
    return away


def label(args):
    for dataset in sorted(p for p in args.folder.iterdir() if p.is_dir() and p.name != 'work'):
        cases = {p.name: Series(p) for p in sorted(dataset.iterdir()) if (p / 'case.json').exists()}
        worst = {}
        for series in cases.values():
            for service, metric, most, _, _ in series.rises() if not series.case['blast_radius'] else ():
                worst[service, metric] = max(most, worst.get((service, metric), 0))
        for name, series in cases.items():
            affected, unclear = {}, set()
            for service, metric, most, nearly, onset in series.rises():
                if service in series.case['blast_radius']:
                    continue
                if most >= 1 and most > worst.get((service, metric), 0):
                    affected[service] = min(onset, affected.get(service, onset))
                elif most >= 1 or nearly >= 1:
                    unclear.add(service)
            away = hops(series.case)
            order = sorted(affected, key=lambda service: (affected[service], away.get(service, len(away)), service))
            unclear -= set(affected)
            null = not series.case['blast_radius']
            kind = 'null' if null else 'cascade' if affected else 'ambiguous' if unclear else 'none'
            truth = {'class': kind, 'affected': [] if null else order, 'collateral': [], 'ambiguous': [] if null else sorted(unclear),
                     'onset_seconds': {} if null else {service: affected[service] for service in order}}
            (dataset / name / 'label.json').write_text(json.dumps(truth, indent=1) + '\n')
            print(f'{dataset.name}/{name}: {kind} {" ".join(f"{s}+{affected[s]:.0f}s" for s in order)} ({" ".join(sorted(unclear))})')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    recording = commands.add_parser('record')
    recording.add_argument('--out', type=pathlib.Path, required=True)
    recording.add_argument('--minutes', type=float, default=300)
    recording.add_argument('--shops', type=int, default=4)
    recording.add_argument('--broken', type=int)
    recording.add_argument('--port-base', type=int, default=22080)
    recording.set_defaults(do=record)
    labelling = commands.add_parser('label')
    labelling.add_argument('folder', type=pathlib.Path)
    labelling.set_defaults(do=label)
    args = parser.parse_args()
    if hasattr(args, 'out'):
        args.out = args.out.resolve()
    args.do(args)


if __name__ == '__main__':
    main()
