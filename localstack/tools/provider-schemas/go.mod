// Schemas of public providers, for the tests of generated crates: they are files of these modules, and go.sum pins both.
module miyabi/tools/provider-schemas

go 1.25

require (
	github.com/pulumi/pulumi-kubernetes/provider/v4 v4.0.0-20260115033456-f47bc2d6f199
	github.com/pulumi/pulumi-terraform-bridge/v3 v3.120.0
)
