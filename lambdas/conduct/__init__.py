"""What moves runs along: manifests start jobs, jobs that end are written down, runs that stopped go on."""
