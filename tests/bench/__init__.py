"""What the hot paths cost, on both engines: `make bench`.

    python -m tests.bench                                       # docs/benchmarks.md
    python -m tests.bench --patients 200 --updates 5000 --out /tmp/benchmarks.md

Nothing is asserted: a busy machine must not turn a suite red. Variants that are
compared take turns, and what counts is their ratio.
"""
