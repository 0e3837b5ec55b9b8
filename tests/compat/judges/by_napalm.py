"""What NAPALM's own driver returns: DRIVER HOST PORT TRANSPORT, then getters as JSON: {name: arguments}."""

import json
import sys

from napalm import get_network_driver

driver, host, port, transport, getters = sys.argv[1:]
options = {"port": int(port), "transport": transport} if driver == "eos" else {"port": int(port), "ssl_verify": False}
if driver not in ("eos", "nxos"):
    del options["ssl_verify"]
device = get_network_driver(driver)(host, "admin", "admin", optional_args=options)
device.open()
found = {}
for name, arguments in json.loads(getters).items():
    try:
        found[name] = getattr(device, name)(**arguments)
    except NotImplementedError:
        found[name] = "not implemented"
device.close()
sys.stdout.write(json.dumps(found))
