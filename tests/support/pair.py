"""Run in two processes: all that they are asked, in one start of both.

`python pair.py FOLDER` writes what a process measured to RANK.safetensors, and what it was
told to RANK.json.
"""

import json
import os
import sys
from pathlib import Path

from safetensors.torch import save_file
from support.disagreeing import everything_attempted
from support.sharded import everything_measured

from landtheory.deep.group import current_processes, joined


def main(folder: Path) -> None:
    with joined("cpu:gloo") as group:
        assert group is current_processes()
        save_file(everything_measured(), folder / f"{group.rank}.safetensors")
        target = folder / f"{group.rank}.json"
        everything_attempted(lambda told: target.write_text(json.dumps(told)))
    # its threads may abort a process that winds up
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
