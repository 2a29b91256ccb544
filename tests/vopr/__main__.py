"""`python -m tests.vopr --seed N` tells the story of one world; without a seed so many worlds, the wrong ones named."""

import argparse
import json
import shutil
import subprocess
import sys
import time
import traceback

from .play import play
from .world import place, prepare, run


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.vopr")
    parser.add_argument("--seed", type=int, help="tell this one")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first of many (0)")
    parser.add_argument("--count", type=int, default=200, help="how many (200)")
    parser.add_argument("--most-wrong", type=int, default=20, help="stop after so many that went wrong (20)")
    parser.add_argument("--jobs", type=int, default=1, help="processes beside each other (1)")
    args = parser.parse_args()
    if args.seed is None and args.jobs > 1:
        return _share(args)
    base = place()
    try:
        prepare(base)
        return _tell(base, args.seed) if args.seed is not None else _many(base, args)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _tell(base, seed: int) -> int:
    story: list = []

    async def kept(world) -> None:
        story.append(world)
        await play(world)

    code = 0
    try:
        run(seed, base, kept)
    except Exception:
        code = 1
        told = traceback.format_exc()
    print("\n".join(story[0].story))
    print(told if code else f"seed {seed} holds", f"trace {story[0].trace.hexdigest()}", sep="\n")
    return code


def _share(args) -> int:
    """The seeds in equal parts to processes of their own."""
    part = -(-args.count // args.jobs)
    command = [sys.executable, "-m", "tests.vopr", "--most-wrong", str(args.most_wrong)]
    shares = [
        subprocess.Popen([*command, "--from", str(first), "--count", str(min(part, args.first + args.count - first))])
        for first in range(args.first, args.first + args.count, part)
    ]
    return max(share.wait() for share in shares)


def _many(base, args) -> int:
    """One JSON object at the end."""
    began, wrong = time.monotonic(), []
    done = 0
    for seed in range(args.first, args.first + args.count):
        try:
            run(seed, base, play)
        except Exception as failed:
            wrong.append(seed)
            print(f"seed {seed}: {type(failed).__name__}: {str(failed)[:300]}", file=sys.stderr, flush=True)
        done += 1
        if len(wrong) >= args.most_wrong:
            break
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"vopr": done, "from": args.first, "seconds": seconds, "wrong": wrong}), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
