"""Where work is done, on this machine or on a cluster; nothing here knows what the work is."""
