"""Where the frozen program begins; knows only the command of the same name."""

import sys

from fiscalmon.__main__ import main

sys.exit(main())
