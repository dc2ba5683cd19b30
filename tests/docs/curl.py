"""A stand-in for curl, for machines that have none: the few flags that the documents use, and no others.

curl -s URL [-H 'Name: value']… [-d BODY]
"""

import argparse
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def main() -> None:
    """Send the request, write the answer's body."""
    parser = argparse.ArgumentParser(prog="curl (stand-in)", allow_abbrev=False)
    parser.add_argument("-s", action="store_true", required=True)
    parser.add_argument("-H", action="append", default=[], dest="headers")
    parser.add_argument("-d", dest="body")
    parser.add_argument("url")
    given = parser.parse_args()
    url = urlsplit(given.url)
    headers = {name: value.strip() for name, _, value in (header.partition(":") for header in given.headers)}
    connection = HTTPConnection(url.netloc, timeout=10)
    connection.request(
        "GET" if given.body is None else "POST",
        f"{url.path}?{url.query}" if url.query else url.path,
        None if given.body is None else given.body.encode(),
        headers,
    )
    sys.stdout.buffer.write(connection.getresponse().read())
    connection.close()


if __name__ == "__main__":
    main()
