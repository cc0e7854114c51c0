"""Sign-in at one provider outside by OpenID Connect: the code flow with PKCE, and what is believed of its answers."""
