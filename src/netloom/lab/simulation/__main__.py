"""`python -m netloom.lab.simulation FOLDER`: the simulated devices of a lab."""

import sys

from netloom.lab.simulation.process import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], complain=sys.stderr.write))
