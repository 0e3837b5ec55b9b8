"""`python -m netloom.lab.simulation FOLDER`: the simulated devices of a lab."""

import sys

from netloom.lab.simulation.process import main

sys.exit(main(sys.argv[1:], complain=sys.stderr.write))
