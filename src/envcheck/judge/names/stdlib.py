"""The standard library of every Python that a notebook may have been written for."""

from __future__ import annotations

from envcheck.model.versions import parse_version

_PYTHON_3 = frozenset(
    """
    __future__ __main__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit
    audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs
    codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg
    crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings
    ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath
    getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp
    importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap
    marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path
    numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
    poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
    random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
    signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat
    statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib
    tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback
    tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref
    webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
    """.split()  # noqa: SIM905 - prose is easier to read and to keep sorted than 200 quoted lines
)
"""``sys.stdlib_module_names`` of Python 3.10 to 3.14 together, private modules left out."""

_PYTHON_2 = frozenset(
    """
    BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MimeWriter Queue
    SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO Tkinter UserDict UserList UserString __builtin__
    _winreg anydbm audiodev bsddb cPickle cStringIO commands compiler cookielib copy_reg dbhash dircache dumbdbm
    dummy_thread dummy_threading exceptions formatter fpformat future_builtins hotshot htmlentitydefs htmllib
    httplib ihooks imputil linuxaudiodev macpath macurl2path markupbase md5 mhlib mimetools mimify multifile mutex
    new os2emxpath parser popen2 posixfile repr rexec rfc822 robotparser sets sgmllib sha sre statvfs stringold
    strop sunaudio symbol thread tkFileDialog tkMessageBox toaiff ttk urllib2 urlparse user whichdb xmllib
    xmlrpclib xxsubtype
    """.split()  # noqa: SIM905 - prose is easier to read and to keep sorted than 200 quoted lines
)
"""What only Python 2 had."""

_LEFT = {
    "binhex": "3.11",
    "asynchat": "3.12",
    "asyncore": "3.12",
    "distutils": "3.12",
    "imp": "3.12",
    "smtpd": "3.12",
    "aifc": "3.13",
    "audioop": "3.13",
    "cgi": "3.13",
    "cgitb": "3.13",
    "chunk": "3.13",
    "crypt": "3.13",
    "imghdr": "3.13",
    "lib2to3": "3.13",
    "mailcap": "3.13",
    "msilib": "3.13",
    "nis": "3.13",
    "nntplib": "3.13",
    "ossaudiodev": "3.13",
    "pipes": "3.13",
    "sndhdr": "3.13",
    "spwd": "3.13",
    "sunau": "3.13",
    "telnetlib": "3.13",
    "uu": "3.13",
    "xdrlib": "3.13",
}
"""The first Python without the module (PEP 594, PEP 632)."""

_CAME = {
    "graphlib": "3.9",
    "zoneinfo": "3.9",
    "tomllib": "3.11",
    "annotationlib": "3.14",
    "compression": "3.14",
}
"""The first Python with the module."""


def is_stdlib(module: str) -> bool:
    """Tell whether the top-level name of a dotted module belongs to the standard library of any Python."""
    return is_stdlib_3(module) or module.partition(".")[0] in _PYTHON_2


def is_stdlib_3(module: str) -> bool:
    """Tell whether the top-level name of a dotted module belongs to the standard library of any Python 3."""
    return module.partition(".")[0] in _PYTHON_3


def absence(module: str, python: str) -> str:
    """Return why the standard library of ``python`` lacks a module (``left in 3.12``), or empty when it has it.

    Nothing is said of a Python whose version is not known.
    """
    top = module.partition(".")[0]
    if not (top in _LEFT or top in _CAME or top in _PYTHON_2):
        return ""
    version = parse_version(python) if python else None
    if version is None:
        return ""
    if top in _PYTHON_2 and version.major >= 3:
        return "was Python 2's"
    left, came = _LEFT.get(top), _CAME.get(top)
    if left and version.release[:2] >= _release(left):
        return f"left the standard library in Python {left}"
    if came and version.release[:2] < _release(came):
        return f"came to the standard library in Python {came}"
    return ""


def _release(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)
