"""A private PostgreSQL and a private Valkey for whoever has neither: `make demo` and `make test`.

    python -m servicedesk.local exec [--test] -- COMMAND...

runs COMMAND with DATABASE_URL and REDIS_URL in its environment. What is set already is left alone;
for the rest a server is started, or the one that already runs for this folder is used, and it stops
when the last command that uses it has ended, however that ended.

Each server has a folder (`.local/postgres`, `.local/valkey`, and the same under `.local/test`) and
a keeper: a process of its own, in a session of its own, that starts the server, starts it again if
it dies, and stops it when nobody holds the folder's lock `used` any more. The lock is the kernel's,
so it is given back by a command that is killed, too.

PostgreSQL listens on a socket in a folder of its own and nowhere else, Valkey on the loopback
address; each asks for a password that stands only in the folder (mode 0600). PostgreSQL refuses to
run as root: for root the servers run as the owner of the project folder, or as `nobody`; when that
user cannot reach the folder, binaries and data are kept under /var/lib/servicedesk instead, because
opening the folders above to everyone is not ours to do.

This package imports nothing of Django and nothing of the desk, and importing it starts nothing.
"""
