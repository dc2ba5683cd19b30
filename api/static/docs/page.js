"use strict";

// Everything comes from this service: no validator badge, no address of another server.
SwaggerUIBundle({
  dom_id: "#contract",
  url: "openapi.json",
  validatorUrl: null,
  queryConfigEnabled: false,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
});
