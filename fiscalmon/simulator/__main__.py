"""`python -m fiscalmon.simulator`: the simulator alone, without the rest of fiscalmon."""

from .app import main

raise SystemExit(main())
