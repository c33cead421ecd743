"""The signed half of the gateway: what bots may ask of their account, and every order judged before it leaves."""
