"""From raw pages to tables. Module ``etl.NAME`` has the transforms of source NAME, wherever on the path it stands."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
