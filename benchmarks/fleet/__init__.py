"""Three commands on every router of a lab: netloom beside Nornir with Netmiko, and Ansible."""
