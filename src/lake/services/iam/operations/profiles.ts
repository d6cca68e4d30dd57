// Instance profiles, and what little there is of the account: its root user and no alias.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { checkName, checkPath, page, required, tagList, tagsOf } from "../checks.ts";
import { conflict, exists, type IamStore, newId, noSuch, type Profile } from "../store.ts";
import { roleShape } from "./roles.ts";

type Names =
  | "CreateInstanceProfile"
  | "GetInstanceProfile"
  | "ListInstanceProfiles"
  | "ListInstanceProfilesForRole"
  | "DeleteInstanceProfile"
  | "AddRoleToInstanceProfile"
  | "RemoveRoleFromInstanceProfile"
  | "GetUser"
  | "ListUsers"
  | "ListAccountAliases";

export function profileOperations(store: IamStore): Pick<Operations<"iam">, Names> {
  const find = (name: string | undefined) => store.profile(required(name, "instanceProfileName"));
  const shape = (profile: Profile) => ({
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: store.profileArn(profile),
    CreateDate: new Date(profile.created),
    Roles: profile.roles.map((name) => roleShape(store, store.role(name))),
    Tags: tagList(profile.tags),
  });
  return {
    CreateInstanceProfile: {
      fields: ["InstanceProfileName", "Path", "Tags"],
      run: async (input) => {
        const profile: Profile = {
          name: checkName(input.InstanceProfileName, "instanceProfileName", 128),
          path: checkPath(input.Path),
          id: newId("AIPA"),
          created: store.lake.clock.now(),
          roles: [],
          tags: tagsOf(input.Tags),
        };
        await store.lock(async () => {
          if (store.findProfile(profile.name) !== undefined)
            throw exists(`Instance Profile ${profile.name} already exists.`);
          await store.saveProfile(profile);
        });
        return { InstanceProfile: shape(profile) };
      },
    },
    GetInstanceProfile: {
      fields: ["InstanceProfileName"],
      run: (input) => ({ InstanceProfile: shape(find(input.InstanceProfileName)) }),
    },
    ListInstanceProfiles: {
      fields: ["PathPrefix", "Marker", "MaxItems"],
      run: async (input) => {
        const found = (await store.profiles()).filter((profile) => profile.path.startsWith(input.PathPrefix ?? "/"));
        const { items, rest } = page(found, (profile) => profile.name, input);
        return { InstanceProfiles: items.map(shape), ...rest };
      },
    },
    ListInstanceProfilesForRole: {
      fields: ["RoleName", "Marker", "MaxItems"],
      run: async (input) => {
        const { name } = store.role(required(input.RoleName, "roleName"));
        const found = (await store.profiles()).filter((profile) => profile.roles.includes(name));
        const { items, rest } = page(found, (profile) => profile.name, input);
        return { InstanceProfiles: items.map(shape), ...rest };
      },
    },
    DeleteInstanceProfile: {
      fields: ["InstanceProfileName"],
      run: async (input) => {
        await store.lock(async () => {
          const profile = find(input.InstanceProfileName);
          if (profile.roles.length > 0)
            throw conflict("Cannot delete entity, must remove roles from instance profile first.");
          await store.forget("profile", profile.name);
        });
        return {};
      },
    },
    AddRoleToInstanceProfile: {
      fields: ["InstanceProfileName", "RoleName"],
      run: async (input) => {
        await store.lock(async () => {
          const profile = find(input.InstanceProfileName);
          const { name } = store.role(required(input.RoleName, "roleName"));
          if (profile.roles.length > 0) {
            throw new ServiceError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", {
              status: 409,
            });
          }
          await store.saveProfile({ ...profile, roles: [name] });
        });
        return {};
      },
    },
    RemoveRoleFromInstanceProfile: {
      fields: ["InstanceProfileName", "RoleName"],
      run: async (input) => {
        await store.lock(async () => {
          const profile = find(input.InstanceProfileName);
          const name = required(input.RoleName, "roleName");
          if (!profile.roles.includes(name))
            throw noSuch(`Role ${name} in Instance Profile ${profile.name} cannot be found.`);
          await store.saveProfile({ ...profile, roles: [] });
        });
        return {};
      },
    },
    GetUser: {
      fields: ["UserName"],
      run: (input, { principal }) => {
        if (input.UserName !== undefined) throw noSuch(`The user with name ${input.UserName} cannot be found.`);
        if (principal.roleArn !== undefined) {
          throw new ServiceError("ValidationError", "Must specify userName when calling with non-User credentials");
        }
        // AWS shows the root user so, without a name.
        const { accountId } = store.lake;
        return {
          User: {
            Path: "/",
            UserName: "",
            UserId: accountId,
            Arn: `arn:aws:iam::${accountId}:root`,
            CreateDate: new Date(0),
          },
        };
      },
    },
    ListUsers: {
      fields: ["PathPrefix", "Marker", "MaxItems"],
      run: (input) => {
        if (input.Marker !== undefined) throw notImplemented("users, so there is no second page of them");
        return { Users: [], IsTruncated: false };
      },
    },
    ListAccountAliases: {
      fields: ["Marker", "MaxItems"],
      run: () => ({ AccountAliases: [], IsTruncated: false }),
    },
  };
}
