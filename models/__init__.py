"""Machine-learning models; the only room that imports torch. Import the module you need."""

import os

# Must be set before torch starts its threads: waiting threads sleep instead of spinning. On two
# cores with other work spinning cost four times the CPU (docs/experiments/LOG.md).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
