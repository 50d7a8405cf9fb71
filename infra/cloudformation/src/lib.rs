//! Pulumi registrations as a CloudFormation template.
