import sys

from lakelet.cli import main

sys.exit(main())
