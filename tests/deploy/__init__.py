"""The Dockerfile and the manifests: linted, consistent with the application, and executed as far as that goes."""
