"""The service editor: a lead registers services, builds their forms, publishes and retires them."""
