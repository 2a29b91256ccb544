"""`python -m tests.vopr --seed N` tells the story of one world; without a seed so many worlds, the wrong ones named."""

import argparse
import json
import shutil
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
    args = parser.parse_args()
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
