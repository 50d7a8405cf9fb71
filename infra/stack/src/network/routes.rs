//! The ways from the subnets to the internet.

use pulumi::{Context, Output, ResourceOptions};
use pulumi_aws::ec2;

use crate::settings::NatGateways;
use crate::tags::ComponentTags;

const EVERYWHERE: &str = "0.0.0.0/0";

/// What they are made with.
pub(super) struct Routes<'network> {
    pub(super) context: &'network Context,
    pub(super) vpc: &'network ec2::Vpc,
    pub(super) tags: &'network ComponentTags,
}

impl Routes<'_> {
    /// Declares them and returns every table of routes, the public one first, and the gateways.
    pub(super) fn declare(
        &self,
        public_subnets: &[ec2::Subnet],
        private_subnets: &[ec2::Subnet],
        nat_gateways: NatGateways,
    ) -> (Vec<ec2::RouteTable>, Vec<ec2::NatGateway>) {
        let internet = ec2::InternetGateway::new(
            self.context,
            "internet",
            ec2::InternetGatewayArgs::new().vpc_id(self.vpc.id()).tags(self.tags.named("miyabi")),
        );
        let public = self.table("public");
        ec2::Route::new(
            self.context,
            "public-to-internet",
            ec2::RouteArgs::new()
                .route_table_id(public.id())
                .destination_cidr_block(EVERYWHERE)
                .gateway_id(internet.id()),
        );
        for (number, subnet) in public_subnets.iter().enumerate() {
            self.associate(&format!("public-{number}"), &public, subnet);
        }
        let gateways: Vec<ec2::NatGateway> = match nat_gateways {
            NatGateways::None => Vec::new(),
            NatGateways::One => {
                let first = public_subnets.first().into_iter();
                first.map(|subnet| self.nat_gateway("nat", &internet, subnet)).collect()
            }
            NatGateways::OnePerZone => {
                let each = public_subnets.iter().enumerate();
                each.map(|(number, subnet)| self.nat_gateway(&format!("nat-{number}"), &internet, subnet))
                    .collect()
            }
        };
        let mut tables = vec![public];
        for (number, subnet) in private_subnets.iter().enumerate() {
            // One a zone, whatever the gateways: with a gateway more, no subnet changes its table.
            let name = format!("private-{number}");
            let own = self.table(&name);
            self.associate(&name, &own, subnet);
            if let Some(gateway) = gateways.get(number).or(gateways.first()) {
                ec2::Route::new(
                    self.context,
                    format!("{name}-to-internet"),
                    ec2::RouteArgs::new()
                        .route_table_id(own.id())
                        .destination_cidr_block(EVERYWHERE)
                        .nat_gateway_id(gateway.id()),
                );
            }
            tables.push(own);
        }
        (tables, gateways)
    }

    fn table(&self, name: &str) -> ec2::RouteTable {
        let tags = self.tags.named(format!("miyabi-{name}"));
        ec2::RouteTable::new(self.context, name, ec2::RouteTableArgs::new().vpc_id(self.vpc.id()).tags(tags))
    }

    fn associate(&self, name: &str, table: &ec2::RouteTable, subnet: &ec2::Subnet) {
        let subnet: Output<String> = subnet.id();
        let args = ec2::RouteTableAssociationArgs::new().route_table_id(table.id()).subnet_id(subnet);
        ec2::RouteTableAssociation::new(self.context, name, args);
    }

    /// A gateway with an address of its own. Both need the internet's gateway, which lets go of the network only when no
    /// public address is left in it.
    fn nat_gateway(
        &self,
        name: &str,
        internet: &ec2::InternetGateway,
        subnet: &ec2::Subnet,
    ) -> ec2::NatGateway {
        let tags = self.tags.named(format!("miyabi-{name}"));
        let address = ec2::Eip::with_options(
            self.context,
            name,
            ec2::EipArgs::new().domain("vpc").tags(tags.clone()),
            ResourceOptions::new().depends_on(internet),
        );
        ec2::NatGateway::with_options(
            self.context,
            name,
            ec2::NatGatewayArgs::new()
                .allocation_id(address.allocation_id())
                .subnet_id(subnet.id())
                .tags(tags),
            ResourceOptions::new().depends_on(internet),
        )
    }
}
