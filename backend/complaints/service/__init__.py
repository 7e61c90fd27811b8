"""The acts of the domain: each public function of these modules is one transaction."""
