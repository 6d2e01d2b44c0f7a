"""Start the production server for measuring: it is the one of `aioffice.serve`, with `bench.wsgi`."""

from aioffice.serve import server

if __name__ == "__main__":
    measured = server()
    measured.target = "bench.wsgi:application"
    measured.serve()
