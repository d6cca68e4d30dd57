// Roles: create, read, update, delete, tags.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import {
  checkDocument,
  checkName,
  checkPath,
  checkSession,
  encodeDocument,
  page,
  required,
  tagList,
  tagsOf,
} from "../checks.ts";
import { conflict, exists, type IamStore, newId, type Role } from "../store.ts";

type Names =
  | "CreateRole"
  | "GetRole"
  | "ListRoles"
  | "UpdateRole"
  | "UpdateRoleDescription"
  | "UpdateAssumeRolePolicy"
  | "DeleteRole"
  | "TagRole"
  | "UntagRole"
  | "ListRoleTags";

export function roleOperations(store: IamStore): Pick<Operations<"iam">, Names> {
  const nameOf = (name: string | undefined) => required(name, "roleName");
  return {
    CreateRole: {
      fields: [
        "RoleName",
        "Path",
        "AssumeRolePolicyDocument",
        "Description",
        "MaxSessionDuration",
        "PermissionsBoundary",
        "Tags",
      ],
      run: async (input) => {
        const path = checkPath(input.Path);
        if (path.startsWith("/aws-service-role/")) {
          // Who acts as such a role may change what the service owns.
          throw new ServiceError("InvalidInput", "The path /aws-service-role/ is kept for service-linked roles.");
        }
        const role: Role = {
          name: checkName(input.RoleName, "roleName", 64),
          path,
          id: newId("AROA"),
          created: store.lake.clock.now(),
          trust: checkDocument(input.AssumeRolePolicyDocument, "assumeRolePolicyDocument", { trust: true }),
          maxSession: checkSession(input.MaxSessionDuration),
          ...(input.Description === undefined ? {} : { description: input.Description }),
          ...(input.PermissionsBoundary === undefined ? {} : { boundary: input.PermissionsBoundary }),
          tags: tagsOf(input.Tags),
          inline: {},
          attached: [],
        };
        await store.lock(async () => {
          if (store.findRole(role.name) !== undefined) throw exists(`Role with name ${role.name} already exists.`);
          await store.saveRole(role);
        });
        return { Role: roleShape(store, role) };
      },
    },
    GetRole: {
      fields: ["RoleName"],
      run: (input) => ({ Role: { ...roleShape(store, store.role(nameOf(input.RoleName))), RoleLastUsed: {} } }),
    },
    ListRoles: {
      fields: ["PathPrefix", "Marker", "MaxItems"],
      run: async (input) => {
        const found = (await store.roles()).filter((role) => role.path.startsWith(input.PathPrefix ?? "/"));
        const { items, rest } = page(found, (role) => role.name, input);
        return { Roles: items.map((role) => roleShape(store, role)), ...rest };
      },
    },
    UpdateRole: {
      fields: ["RoleName", "Description", "MaxSessionDuration"],
      run: async (input) => {
        await store.changeRole(nameOf(input.RoleName), (role) => ({
          ...role,
          maxSession: checkSession(input.MaxSessionDuration ?? role.maxSession),
          ...(input.Description === undefined ? {} : { description: input.Description }),
        }));
        return {};
      },
    },
    UpdateRoleDescription: {
      fields: ["RoleName", "Description"],
      run: async (input) => {
        const name = nameOf(input.RoleName);
        await store.changeRole(name, (role) => ({ ...role, description: required(input.Description, "description") }));
        return { Role: roleShape(store, store.role(name)) };
      },
    },
    UpdateAssumeRolePolicy: {
      fields: ["RoleName", "PolicyDocument"],
      run: async (input) => {
        const trust = checkDocument(input.PolicyDocument, "policyDocument", { trust: true });
        await store.changeRole(nameOf(input.RoleName), (role) => ({ ...role, trust }));
        return {};
      },
    },
    DeleteRole: {
      fields: ["RoleName"],
      run: async (input) => {
        await store.lock(async () => {
          const role = store.role(nameOf(input.RoleName));
          if (role.attached.length > 0) throw conflict("Cannot delete entity, must detach all policies first.");
          if (Object.keys(role.inline).length > 0) throw conflict("Cannot delete entity, must delete policies first.");
          if ((await store.profiles()).some((profile) => profile.roles.includes(role.name))) {
            throw conflict("Cannot delete entity, must remove roles from instance profile first.");
          }
          await store.forget("role", role.name);
        });
        return {};
      },
    },
    TagRole: {
      fields: ["RoleName", "Tags"],
      run: async (input) => {
        const added = tagsOf(required(input.Tags, "tags"));
        await store.changeRole(nameOf(input.RoleName), (role) => ({ ...role, tags: { ...role.tags, ...added } }));
        return {};
      },
    },
    UntagRole: {
      fields: ["RoleName", "TagKeys"],
      run: async (input) => {
        const keys = required(input.TagKeys, "tagKeys");
        await store.changeRole(nameOf(input.RoleName), (role) => ({
          ...role,
          tags: Object.fromEntries(Object.entries(role.tags).filter(([key]) => !keys.includes(key))),
        }));
        return {};
      },
    },
    ListRoleTags: {
      fields: ["RoleName", "Marker", "MaxItems"],
      run: (input) => {
        const { items, rest } = page(tagList(store.role(nameOf(input.RoleName)).tags), (tag) => tag.Key, input);
        return { Tags: items, ...rest };
      },
    },
  };
}

export function roleShape(store: IamStore, role: Role) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: store.roleArn(role),
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSession,
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
            PermissionsBoundaryArn: role.boundary,
          },
        }),
    Tags: tagList(role.tags),
  };
}
